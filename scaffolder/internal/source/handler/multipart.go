package handler

import "github.com/seniorbackend/tools/scaffolder/internal/source/eval"

// Callable says that request.file() of @fastify/multipart is a call: what it gives is the
// file.
func (h *PartHost) Callable() bool { return h.Part == Files && len(h.Path) == 0 }

// Invoke is that call.
func (h *PartHost) Invoke(c *eval.Call) eval.Value { return c.This }

// partFields is what such a file has as its fields: the other fields of the body, each an
// object with a value.
type partFields struct{ body *PartHost }

func (h partFields) Member(_ *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	return &eval.Object{Host: partField{h.body, name}, At: self.At}, true
}

func (h partFields) BoundToRun() {}

type partField struct {
	body *PartHost
	name string
}

func (h partField) Member(_ *eval.Evaluator, self *eval.Object, name string) (eval.Value, bool) {
	if name == "value" {
		v := h.body.child(h.name, self.At)
		PartOf(v).Node.Text = true
		return v, true
	}
	return eval.Unknown(name, self.At), true
}

func (h partField) BoundToRun() {}

// Unsure says that a field may not be there.
func (h partField) Unsure() bool { return true }
