package catalog

type Index struct{ Table ID }

func (*Index) detail() {}
