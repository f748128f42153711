package storetest

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// asPostgres has a command run as user postgres where we are root, whom PostgreSQL refuses, and end with us.
func asPostgres() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if uid, gid, err := postgresUser(); err == nil && os.Getuid() == 0 {
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return attr
}

// giveToPostgres lets user postgres write to a folder.
func giveToPostgres(folder string) error {
	uid, gid, err := postgresUser()
	if err != nil || os.Getuid() != 0 {
		return nil // the user who runs the tests runs PostgreSQL too
	}
	return os.Chown(folder, uid, gid)
}

func postgresUser() (uid, gid int, err error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return 0, 0, err
	}
	if uid, err = strconv.Atoi(u.Uid); err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}
