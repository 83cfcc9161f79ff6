//go:build wiregen

// Generate writes the Go code of this folder's .proto files. It needs the Go toolchain alone: the files are
// compiled by protocompile and handed to the protoc-gen-go of the version that go.mod pins.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

// root is the path by which the files import one another; it keeps their names apart from those of other
// packages in the registry of a binary.
const root = "salon/wire/"

func main() {
	if err := generate(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func generate(ctx context.Context) error {
	names, err := filepath.Glob("*.proto")
	if err != nil {
		return err
	}
	files, err := compile(ctx, names)
	if err != nil {
		return fmt.Errorf("compile: %w", err)
	}
	request := &pluginpb.CodeGeneratorRequest{
		Parameter: proto.String("module=salon/signaling/wire"),
		ProtoFile: files,
	}
	for _, name := range names {
		request.FileToGenerate = append(request.FileToGenerate, root+name)
	}
	answer, err := ask(ctx, request)
	if err != nil {
		return fmt.Errorf("protoc-gen-go: %w", err)
	}
	for _, f := range answer.GetFile() {
		if err := os.WriteFile(f.GetName(), []byte(f.GetContent()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// compile returns the files' descriptors, each after those it imports.
func compile(ctx context.Context, names []string) ([]*descriptorpb.FileDescriptorProto, error) {
	c := protocompile.Compiler{
		Resolver: &protocompile.SourceResolver{Accessor: func(path string) (io.ReadCloser, error) {
			return os.Open(strings.TrimPrefix(path, root))
		}},
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	paths := make([]string, len(names))
	for i, name := range names {
		paths[i] = root + name
	}
	compiled, err := c.Compile(ctx, paths...)
	if err != nil {
		return nil, err
	}
	var sorted []*descriptorpb.FileDescriptorProto
	done := map[string]bool{}
	var add func(f protoreflect.FileDescriptor)
	add = func(f protoreflect.FileDescriptor) {
		if done[f.Path()] {
			return
		}
		done[f.Path()] = true
		for i := range f.Imports().Len() {
			add(compiled.FindFileByPath(f.Imports().Get(i).Path()))
		}
		sorted = append(sorted, protodesc.ToFileDescriptorProto(f))
	}
	for _, f := range compiled {
		add(f)
	}
	return sorted, nil
}

// ask runs the plugin, which speaks over its standard streams.
func ask(ctx context.Context, request *pluginpb.CodeGeneratorRequest) (*pluginpb.CodeGeneratorResponse, error) {
	in, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	plugin := exec.CommandContext(ctx, "go", "run", "google.golang.org/protobuf/cmd/protoc-gen-go")
	plugin.Stdin = bytes.NewReader(in)
	plugin.Stderr = os.Stderr
	out, err := plugin.Output()
	if err != nil {
		return nil, err
	}
	answer := &pluginpb.CodeGeneratorResponse{}
	if err := proto.Unmarshal(out, answer); err != nil {
		return nil, err
	}
	if answer.Error != nil {
		return nil, fmt.Errorf("%s", answer.GetError())
	}
	return answer, nil
}
