// Package wire is the vocabulary of the client protocol: the messages that a client and the server exchange over
// a WebSocket, in the URL that opens it, and over data channels. It works with LiveKit client SDKs: field numbers
// and JSON names are that protocol's, the files and words are ours. Only what we read or write is declared; other
// fields are kept and travel on.
//
// It decides nothing. How a message is framed stands in frame.go, how a join request is packed in join.go.
package wire

//go:generate go run generate.go
