package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

// untilSignal gives a context that ends with the first SIGINT or SIGTERM. The second
// one ends the process with exit code 1, whatever is still under way. The returned
// function ends the watch.
func untilSignal(log *slog.Logger) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	caught := make(chan os.Signal, 2)
	signal.Notify(caught, os.Interrupt, syscall.SIGTERM)
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		watch(caught, quit, log, cancel)
	}()
	return ctx, func() {
		signal.Stop(caught)
		close(quit)
		<-ended
		cancel()
	}
}

func watch(caught <-chan os.Signal, quit <-chan struct{}, log *slog.Logger, cancel func()) {
	for count := 1; ; count++ {
		select {
		case <-quit:
			return
		case s := <-caught:
			log.Info("signal", "name", s.String(), "count", count)
			cancel()
			if count > 1 {
				os.Exit(1)
			}
		}
	}
}
