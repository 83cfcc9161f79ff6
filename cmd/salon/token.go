package main

type tokenCommand struct{ configFlag }

// Run prints a join token signed with the pair in force.
func (c tokenCommand) Run(_ *console) error { return nil }
