package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"salon/clubapi"
	"salon/clubapi/sqlite/db"
)

// CreateReport stores the report and returns it with its id and the user it is about.
// Refusals: clubapi.ErrReportedAlready while an earlier one of the reporter about the
// same is open, an InvalidError for what is not there or is the reporter's own.
func (s *Store) CreateReport(ctx context.Context, r clubapi.Report) (clubapi.Report, error) {
	err := s.write(ctx, "create report", func(q *db.Queries) error {
		if err := aboutWhom(ctx, q, &r); err != nil {
			return err
		}
		open, err := q.HasOpenReport(ctx, db.HasOpenReportParams{UserID: r.User.ID, ReporterID: r.Reporter, PostID: optional(r.PostID)})
		if err != nil {
			return err
		}
		if open {
			return clubapi.ErrReportedAlready
		}
		r.ID, err = q.InsertReport(ctx, db.InsertReportParams{
			ReporterID: r.Reporter, UserID: r.User.ID, PostID: optional(r.PostID), Reason: r.Reason, CreatedAt: millis(r.CreatedAt),
		})
		return err
	})
	return r, err
}

// aboutWhom fills in the user: of a post, its author.
func aboutWhom(ctx context.Context, q *db.Queries, r *clubapi.Report) error {
	field := "user_id"
	if r.PostID != 0 {
		field = "post_id"
		author, err := q.AuthorOfPost(ctx, r.PostID)
		if errors.Is(err, sql.ErrNoRows) {
			return clubapi.Invalid(field, clubapi.CodeUnknown)
		}
		if err != nil {
			return err
		}
		r.User.ID = author
	}
	if r.User.ID == r.Reporter {
		return clubapi.Invalid(field, clubapi.CodeOneself)
	}
	u, err := q.UserByID(ctx, r.User.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return clubapi.Invalid(field, clubapi.CodeUnknown)
	}
	r.User = person(u.ID, u.Nickname, u.UserImg)
	return err
}

// Reports lists the reports in that state (empty: any) that viewer may settle, the
// newest first.
func (s *Store) Reports(ctx context.Context, viewer clubapi.User, state clubapi.ReportState, at clubapi.Span) (page clubapi.Page[clubapi.Report], err error) {
	err = s.read(ctx, "list reports", func(q *db.Queries) error {
		rows, err := reportsFor(ctx, q, viewer, db.ReportsBeforeParams{
			Before: before(at).ID, State: string(state), Viewer: viewer.ID, Most: oneMore(at),
		})
		reports := make([]clubapi.Report, len(rows))
		for i, r := range rows {
			reports[i] = report(r.Report, r.Nickname, r.UserImg)
		}
		page = clubapi.PageOf(reports, at.Limit, func(r clubapi.Report) clubapi.Cursor { return clubapi.Cursor{ID: r.ID} })
		return err
	})
	return page, err
}

// reportsFor reads all reports for an administrator, and for an owner those about the
// members of their clubs.
func reportsFor(ctx context.Context, q *db.Queries, viewer clubapi.User, of db.ReportsBeforeParams) ([]db.ReportsBeforeRow, error) {
	if viewer.Admin {
		return q.ReportsBefore(ctx, of)
	}
	found, err := q.ReportsOfMembersBefore(ctx, db.ReportsOfMembersBeforeParams(of))
	rows := make([]db.ReportsBeforeRow, len(found))
	for i, r := range found {
		rows[i] = db.ReportsBeforeRow(r)
	}
	return rows, err
}

// SettleReport settles an open report and writes that down for the clubs concerned: the
// viewer's own that the user is in, for an administrator every one. Refusals:
// clubapi.ErrNotFound for whoever may not settle it, ErrReportSettled.
func (s *Store) SettleReport(ctx context.Context, id int64, viewer clubapi.User, state clubapi.ReportState, now time.Time) (r clubapi.Report, err error) {
	err = s.write(ctx, "settle report", func(q *db.Queries) error {
		row, err := q.ReportByID(ctx, id)
		if err != nil {
			return err
		}
		r = report(row.Report, row.Nickname, row.UserImg)
		owns, err := q.OwnsClubOf(ctx, db.OwnsClubOfParams{UserID: r.User.ID, OwnerID: viewer.ID})
		switch {
		case err != nil:
			return err
		case !owns && !viewer.Admin, r.User.ID == viewer.ID:
			return clubapi.ErrNotFound
		case r.State != clubapi.ReportOpen:
			return clubapi.ErrReportSettled
		}
		r.State, r.SettledAt = state, moment(millis(now))
		err = q.SettleReport(ctx, db.SettleReportParams{
			State: string(state), SettledBy: optional(viewer.ID), SettledAt: optionalMillis(now), ID: id,
		})
		if err != nil {
			return err
		}
		return q.AuditSettlement(ctx, db.AuditSettlementParams{
			Actor: viewer.ID, Subject: string(state), At: millis(now), User: r.User.ID, AllOfThem: flag(viewer.Admin),
		})
	})
	return r, err
}

func report(r db.Report, nickname, img string) clubapi.Report {
	out := clubapi.Report{
		ID: r.ID, Reporter: r.ReporterID, User: person(r.UserID, nickname, img), PostID: r.PostID.Int64, Reason: r.Reason,
		State: clubapi.ReportState(r.State), CreatedAt: moment(r.CreatedAt),
	}
	if r.SettledAt.Valid {
		out.SettledAt = moment(r.SettledAt.Int64)
	}
	return out
}
