package httpapi

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// awaySeconds is after how long it is worth to try again.
const awaySeconds = 2

// Away answers in place of an API that is on another machine and can't be reached: 503 and a problem, whatever is asked.
func Away() http.Handler {
	p := problem(http.StatusServiceUnavailable, "unavailable", "The club cannot be reached at the moment.")
	body, err := json.Marshal(p)
	if err != nil {
		panic("a problem document is plain text and numbers: " + err.Error())
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		protect(w.Header())
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("Retry-After", strconv.Itoa(awaySeconds))
		w.WriteHeader(p.Status)
		_, _ = w.Write(body) // the peer may be gone; nobody else cares
	})
}
