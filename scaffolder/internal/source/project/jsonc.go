package project

// plainJSON takes out what tsconfig.json may have and JSON may not: comments,
// commas before a closing bracket, a byte order mark. Line breaks stay.
func plainJSON(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for i := 0; i < len(data); {
		switch c := data[i]; {
		case c == '"':
			end := stringEnd(data, i)
			out = append(out, data[i:end]...)
			i = end
		case c == '/' && i+1 < len(data) && data[i+1] == '/':
			for i < len(data) && data[i] != '\n' {
				i++
			}
		case c == '/' && i+1 < len(data) && data[i+1] == '*':
			i += 2
			for i < len(data) && !(data[i] == '*' && i+1 < len(data) && data[i+1] == '/') {
				i++
			}
			i = min(i+2, len(data))
		case c == ']' || c == '}':
			out = append(withoutComma(out), c)
			i++
		case c == 0xef && i == 0 && len(data) > 2:
			i += 3
		default:
			out = append(out, c)
			i++
		}
	}
	return out
}

// stringEnd is the index behind the string that begins at i.
func stringEnd(data []byte, i int) int {
	for i++; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}

// withoutComma drops a comma at the end, with the white space behind it.
func withoutComma(out []byte) []byte {
	end := len(out)
	for end > 0 && (out[end-1] == ' ' || out[end-1] == '\t' || out[end-1] == '\n' || out[end-1] == '\r') {
		end--
	}
	if end > 0 && out[end-1] == ',' {
		return out[:end-1]
	}
	return out
}
