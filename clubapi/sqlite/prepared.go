package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
)

// kept is how many statements a connection keeps prepared. There are fewer queries than
// that; those that name a list of ids come in as many sizes as their lists.
const kept = 256

// openPool opens a pool whose connections prepare a query once: SQLite takes longer to read
// and plan most of ours than to answer them. A change of the schema is noticed by SQLite.
func openPool(dsn string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{c}), nil
}

type connector struct{ driver.Connector }

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	plain, ok := conn.(plainConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("%w: the driver cannot all that we need", errors.ErrUnsupported), conn.Close())
	}
	return &preparedConn{plainConn: plain, idle: map[string]statement{}}, nil
}

// plainConn is what a connection of the driver can.
type plainConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	NewRestore(source string) (*sqlite.Backup, error)
}

type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparedConn is a connection with its statements. database/sql lets one goroutine in at a time.
type preparedConn struct {
	plainConn
	idle map[string]statement // by query; one that runs is not there
}

// take gives a statement for the query, which nobody else has until it is put back.
func (c *preparedConn) take(ctx context.Context, query string) (statement, error) {
	if s, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return s, nil
	}
	// SQLite plans a query anew whenever the number behind LIMIT is bound; with a sign, it
	// plans once for all numbers.
	s, err := c.PrepareContext(ctx, strings.ReplaceAll(query, "LIMIT ?", "LIMIT +?"))
	if err != nil {
		return nil, err
	}
	return s.(statement), nil //nolint:forcetypeassert // of the driver
}

// put keeps a statement that has ended well, in the place of any other when there are too many.
func (c *preparedConn) put(query string, s statement) error {
	if _, twice := c.idle[query]; twice {
		return s.Close()
	}
	var err error
	if len(c.idle) >= kept {
		for other, old := range c.idle {
			delete(c.idle, other)
			err = old.Close()
			break
		}
	}
	c.idle[query] = s
	return err
}

// ExecContext implements driver.ExecerContext.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.ExecContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return r, c.put(query, s)
}

// QueryContext implements driver.QueryerContext.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &preparedRows{Rows: r, done: func(err error) error {
		if err != nil {
			return errors.Join(err, s.Close())
		}
		return c.put(query, s)
	}}, nil
}

// Close implements driver.Conn.
func (c *preparedConn) Close() error {
	var errs []error
	for _, s := range c.idle {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.plainConn.Close())...)
}

// preparedRows are rows whose statement is used again.
type preparedRows struct {
	driver.Rows
	done func(err error) error
}

// Close implements driver.Rows.
func (r *preparedRows) Close() error { return r.done(r.Rows.Close()) }
