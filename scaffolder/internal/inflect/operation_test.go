package inflect

import "testing"

func TestOperationName(t *testing.T) {
	for operation, want := range map[[2]string]string{
		{"GET", "/users"}: "listUsers", {"POST", "/users"}: "createUser", {"GET", "/users/{id}"}: "getUser",
		{"PUT", "/users/{id}"}: "updateUser", {"PATCH", "/users/{id}"}: "patchUser", {"DELETE", "/users/{id}"}: "deleteUser",
		{"DELETE", "/users"}: "deleteUsers", {"HEAD", "/users/{id}"}: "headUser", {"POST", "/users/{id}"}: "postUser",
		{"GET", "/users/{id}/posts"}: "listUserPosts", {"POST", "/users/{id}/posts"}: "createUserPost", {"GET", "/users/{id}/posts/{postId}"}: "getUserPost",
		{"POST", "/users/login"}: "postUsersLogin", {"GET", "/users/me"}: "getUsersMe", {"PUT", "/users/{id}/avatar"}: "updateUserAvatar",
		{"GET", "/user/{id}"}: "getUserById", {"GET", "/user"}: "getUser", {"GET", "/repos/{owner}/{repo}"}: "getRepoByOwnerAndRepo",
		{"GET", "/"}: "getRoot", {"GET", "/{id}"}: "getById", {"GET", "/health"}: "getHealth", {"GET", "/v1/blog-posts/{id}"}: "getV1BlogPost",
		{"GET", "/reports/{year}.{format}"}: "getReportsYearFormat", {"POST", "/files:batchGet"}: "postFilesBatchGet",
		{"GET", "/bücher/{id}"}: "getBücherById", {"GET", "/people/{id}/children"}: "listPersonChildren",
	} {
		if got := OperationName(operation[0], operation[1]); got != want {
			t.Errorf("%s %s: %s, not %s", operation[0], operation[1], got, want)
		}
	}
}
