//go:build !linux

package storetest

import "syscall"

func asPostgres() *syscall.SysProcAttr { return nil }

func giveToPostgres(string) error { return nil }
