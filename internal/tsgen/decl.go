//go:build !js

package tsgen

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
)

// decl is an exported declaration of a type.
type decl struct {
	name   string
	doc    *ast.CommentGroup
	spec   *ast.TypeSpec
	object *types.TypeName
	enum   []value // its constants
}

// value is an exported constant, or a variable of type client.PluginCode.
type value struct {
	name     string
	doc      string
	value    constant.Value
	typeName string // of a constant of one of the package's own types
	failure  bool   // a PluginCode
}

// declared returns what a package exports, in the order of its source.
func (p *pkg) declared() (decls []*decl, values []value) {
	byName := make(map[string]*decl)
	for _, f := range p.files {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					object, ok := p.info.Defs[spec.Name].(*types.TypeName)
					if !ok || !spec.Name.IsExported() || object.IsAlias() || spec.TypeParams != nil {
						continue
					}
					x := &decl{name: spec.Name.Name, doc: spec.Doc, spec: spec, object: object}
					if !g.Lparen.IsValid() {
						x.doc = g.Doc
					}
					decls, byName[x.name] = append(decls, x), x
				case *ast.ValueSpec:
					doc := plain(spec.Doc, spec.Comment)
					if doc == "" && !g.Lparen.IsValid() {
						doc = plain(g.Doc)
					}
					for i, name := range spec.Names {
						if v, ok := p.value(name, spec, i); ok {
							v.doc = doc
							values = append(values, v)
						}
					}
				}
			}
		}
	}
	var rest []value
	for _, v := range values {
		if d := byName[v.typeName]; d != nil {
			d.enum = append(d.enum, v)
			continue
		}
		rest = append(rest, v)
	}
	return decls, rest
}

// value returns what the i-th name of spec is, if it is of use.
func (p *pkg) value(name *ast.Ident, spec *ast.ValueSpec, i int) (v value, ok bool) {
	v.name = name.Name
	if !name.IsExported() {
		return v, false
	}
	switch object := p.info.Defs[name].(type) {
	case *types.Const:
		v.value = object.Val()
		if named, ok := types.Unalias(object.Type()).(*types.Named); ok {
			v.typeName = named.Obj().Name()
			return v, named.Obj().Pkg() == p.types
		}
		return v, true
	case *types.Var:
		if i >= len(spec.Values) {
			return v, false
		}
		lit, ok := spec.Values[i].(*ast.CompositeLit)
		if !ok || !isClient(p.info.TypeOf(lit), "PluginCode") {
			return v, false
		}
		for _, element := range lit.Elts {
			pair, ok := element.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if field, ok := pair.Key.(*ast.Ident); ok && field.Name == "Code" {
				v.value = p.info.Types[pair.Value].Value
			}
		}
		v.failure = true
		return v, v.value != nil
	}
	return v, false
}

// texts returns what the String method of an integer type says of each of its
// constants, if it is a switch that returns literals for all of them.
func (p *pkg) texts(d *decl) map[string]string {
	texts := make(map[string]string)
	for _, f := range p.files {
		for _, declared := range f.Decls {
			method, ok := declared.(*ast.FuncDecl)
			if !ok || method.Name.Name != "String" || method.Recv == nil || method.Body == nil {
				continue
			}
			receiver, ok := method.Recv.List[0].Type.(*ast.Ident)
			if !ok || receiver.Name != d.name {
				continue
			}
			ast.Inspect(method.Body, func(n ast.Node) bool {
				c, ok := n.(*ast.CaseClause)
				if !ok || len(c.Body) != 1 {
					return true
				}
				back, ok := c.Body[0].(*ast.ReturnStmt)
				if !ok || len(back.Results) != 1 {
					return true
				}
				text, ok := unquoted(back.Results[0])
				for _, e := range c.List {
					if name, isName := e.(*ast.Ident); isName && ok {
						texts[name.Name] = text
					}
				}
				return true
			})
		}
	}
	for _, v := range d.enum {
		if _, ok := texts[v.name]; !ok {
			return nil
		}
	}
	return texts
}

// literals returns every string literal of a package.
func (p *pkg) literals() map[string]bool {
	found := make(map[string]bool)
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if text, ok := unquoted(n); ok {
				found[text] = true
			}
			return true
		})
	}
	return found
}

// unquoted returns the value of a string literal. Functions are read without
// their types, so that a package need not be finished to be written.
func unquoted(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
