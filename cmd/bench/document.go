package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// The measured part of the document stands between these lines; the rest is written by people.
const (
	partBegins = "<!-- measured: written by make bench -->"
	partEnds   = "<!-- /measured -->"
)

// errNoPart tells that a document has no place for what was measured.
var errNoPart = errors.New("no line " + partBegins + " followed by " + partEnds)

// rewrite puts part between the marks of the document.
func rewrite(file, part string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read document: %w", err)
	}
	text, err := replacePart(string(old), part)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return nil
}

// replacePart returns the document with another measured part; the error wraps errNoPart.
func replacePart(document, part string) (string, error) {
	head, rest, ok := strings.Cut(document, partBegins+"\n")
	if !ok {
		return "", errNoPart
	}
	_, tail, ok := strings.Cut(rest, partEnds)
	if !ok {
		return "", errNoPart
	}
	return head + partBegins + "\n\n" + strings.Trim(part, "\n") + "\n\n" + partEnds + tail, nil
}
