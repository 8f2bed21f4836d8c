package restapi

import (
	"github.com/seniorbackend/tools/scaffolder/internal/api"
	"github.com/seniorbackend/tools/scaffolder/internal/relation"
)

func narrow(_ *api.Schema, _ *relation.Type, _, _ string) {}
