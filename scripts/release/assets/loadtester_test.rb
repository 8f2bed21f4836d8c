port = free_port
server = TCPServer.new("127.0.0.1", port)
answers = Thread.new do
  loop do
    Thread.new(server.accept) do |client|
      while client.gets
        nil until client.gets.strip.empty?
        client.write "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
      end
    end
  end
end
report = shell_output("#{bin}/loadtester run http://127.0.0.1:#{port}/ --rate 50 --duration 2s --format json")
assert_match '"schema"', report
answers.kill
