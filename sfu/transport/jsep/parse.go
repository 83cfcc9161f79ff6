package jsep

// Parse reads a session description of a peer. It is bounded in size and
// refuses what no connection could be built on.
func Parse(text string) (*Description, error) {
	return nil, ErrSyntax
}
