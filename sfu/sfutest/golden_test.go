package sfutest_test

import (
	"fmt"
	"os"
	"testing"

	"salon/sfu/sfutest"
)

func TestGoldenPlaysConversations(t *testing.T) {
	before, err := os.ReadFile("testdata/echo.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := ""
	sfutest.Golden(t, "testdata/*.txt", func(c sfutest.Command) string {
		names += c.Name + " "
		switch c.Name {
		case "say":
			return fmt.Sprintf("%s %v %s\n%s\n", c.Name, c.Args, c.Value("word", "nothing"), c.Input)
		case "gap":
			return "one\n\ntwo  \n"
		}
		return ""
	})
	if names != "say nothing gap " {
		t.Errorf("played %s", names)
	}
	after, err := os.ReadFile("testdata/echo.txt")
	if err != nil || string(after) != string(before) {
		t.Errorf("the file has changed to\n%s\n%v", after, err)
	}
}

// failure is a testing.TB that notes failing instead of doing it.
type failure struct {
	testing.TB
	failed bool
}

func (f *failure) Helper()               {}
func (f *failure) Errorf(string, ...any) { f.failed = true }

func TestGoldenFailsOnADifference(t *testing.T) {
	f := &failure{TB: t}
	sfutest.Golden(f, "testdata/echo.txt", func(sfutest.Command) string { return "something else" })
	if !f.failed {
		t.Error("a different answer passed")
	}
}
