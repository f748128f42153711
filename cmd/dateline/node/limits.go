package node

// The descriptors of the process are divided, so that no client takes those that the operator needs: half of them are
// for connections to the public listener, an eighth for visits, of which each may take two while it connects, a sixteenth
// for connections kept for later visits, and a sixteenth for the admin listener. What is left is for the hub (at most 32
// requests at a time), the control socket, the config and the store.

// maxConnections is how many connections the public listener has at most, each with some 20 KiB of memory.
const maxConnections = 8192

// PublicConnections returns how many connections to the public listener there may be, in all and of each client, in a process
// that may have so many descriptors.
func PublicConnections(descriptors int) (all, each int) {
	all = min(descriptors/2, maxConnections)
	return all, max(all/4, 1)
}

// AdminConnections returns how many connections to the admin listener there may be.
func AdminConnections(descriptors int) int { return max(min(descriptors/16, 256), 4) }

// MaxVisits returns how many visits there may be at a time.
func MaxVisits(descriptors int) int { return max(descriptors/8, 1) }

// idleConnections returns how many connections each of the two clients keeps open for later requests.
func idleConnections(descriptors int) int { return max(min(descriptors/32, 256), 1) }
