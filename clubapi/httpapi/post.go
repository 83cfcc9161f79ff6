package httpapi

import (
	"context"
	"strconv"

	"salon/clubapi"
)

// ListPosts implements StrictServerInterface.
func (s *server) ListPosts(ctx context.Context, req ListPostsRequestObject) (ListPostsResponseObject, error) {
	p := listed("posts", "/api/v1/posts")
	words := p.words(req.Params.Q)
	at, err := p.span(req.Params.Limit, "cursor", req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Posts(ctx, words, at)
	if err != nil {
		return nil, err
	}
	next, link := p.next("cursor", page.Next)
	return ListPosts200JSONResponse{PostPageJSONResponse{
		Body:    PostPage{Items: bodies(page.Items, postBody(callerOf(ctx).user)), NextCursor: next},
		Headers: PostPageResponseHeaders{Link: link},
	}}, nil
}

// CreatePost implements StrictServerInterface.
func (s *server) CreatePost(ctx context.Context, req CreatePostRequestObject) (CreatePostResponseObject, error) {
	me := callerOf(ctx).user
	post, err := s.Rules.NewPost(clubapi.PostChange{Title: &req.Body.Title, Content: &req.Body.Content}, me, s.Now())
	if err != nil {
		return nil, err
	}
	if post, err = s.Store.CreatePost(ctx, post); err != nil {
		return nil, err
	}
	location := "/api/v1/posts/" + strconv.FormatInt(post.ID, 10)
	return CreatePost201JSONResponse{PostCreatedJSONResponse{
		Body: postBody(me)(post), Headers: PostCreatedResponseHeaders{ETag: tagOf(post.Version), Location: &location},
	}}, nil
}

// GetPost implements StrictServerInterface.
func (s *server) GetPost(ctx context.Context, req GetPostRequestObject) (GetPostResponseObject, error) {
	post, err := s.Store.Post(ctx, req.PostID)
	if err != nil {
		return nil, err
	}
	return GetPost200JSONResponse{postOne(callerOf(ctx).user, post)}, nil
}

// UpdatePost implements StrictServerInterface.
func (s *server) UpdatePost(ctx context.Context, req UpdatePostRequestObject) (UpdatePostResponseObject, error) {
	me := callerOf(ctx).user
	change := clubapi.PostChange{Title: req.Body.Title, Content: req.Body.Content}
	post, err := s.Store.UpdatePost(ctx, req.PostID, func(old clubapi.Post) (clubapi.Post, error) {
		changed, err := s.Rules.ChangePost(old, change, me, s.Now())
		if err != nil {
			return old, err
		}
		return changed, unchanged(req.Params.IfMatch, old.Version)
	})
	if err != nil {
		return nil, err
	}
	return UpdatePost200JSONResponse{postOne(me, post)}, nil
}

// DeletePost implements StrictServerInterface.
func (s *server) DeletePost(ctx context.Context, req DeletePostRequestObject) (DeletePostResponseObject, error) {
	me := callerOf(ctx).user
	err := s.Store.DeletePost(ctx, req.PostID, func(p clubapi.Post) error { return s.Rules.DropPost(p, me) })
	if err != nil {
		return nil, err
	}
	return DeletePost204Response{}, nil
}

func postOne(viewer clubapi.User, p clubapi.Post) PostOneJSONResponse {
	return PostOneJSONResponse{Body: postBody(viewer)(p), Headers: PostOneResponseHeaders{ETag: tagOf(p.Version)}}
}

func postBody(viewer clubapi.User) func(clubapi.Post) Post {
	return func(p clubapi.Post) Post {
		return Post{
			ID: p.ID, Author: personBody(p.Author), Title: p.Title, Content: p.Content, Editable: p.Editable(viewer),
			CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
		}
	}
}
