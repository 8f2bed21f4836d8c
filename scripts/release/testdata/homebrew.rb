# Plays Homebrew for one formula: ruby homebrew.rb FORMULA CHECKOUT FOLDER.
# It runs the formula's install in the checkout and its test, and knows only
# what our formulas use.
require "fileutils"
require "open3"
require "pathname"
require "socket"

file, checkout, folder = ARGV
FOLDER = Pathname(folder)
ENV["GOFLAGS"] = "-buildvcs=false"

class Pathname
  def write(text)
    dirname.mkpath
    File.write(to_s, text)
  end
end

module Utils
  def self.safe_popen_read(*command)
    out, status = Open3.capture2(*command.map(&:to_s))
    raise "#{command.join(" ")} failed" unless status.success?
    out
  end
end

class Formula
  class << self
    attr_reader :checks
    %i[desc homepage url license depends_on].each { |name| define_method(name) { |*| nil } }

    def test(&block)
      @checks = block
    end

    def inherited(made)
      super
      (@made ||= []) << made
    end
    attr_reader :made
  end

  def bin = FOLDER/"bin"
  def man1 = FOLDER/"man"
  def testpath = FOLDER/"test"

  def std_go_args(ldflags:)
    ["-trimpath", "-o", (bin/self.class.name.downcase).to_s, "-ldflags", ldflags]
  end

  def system(*command)
    raise "#{command.join(" ")} failed" unless Kernel.system(*command.map(&:to_s))
  end

  def cd(dir, &block) = Dir.chdir(dir, &block)

  def generate_completions_from_executable(program, *words)
    %w[bash zsh fish].each do |shell|
      out = Utils.safe_popen_read(program, *words, shell)
      raise "no completion for #{shell}" if out.empty?
    end
  end

  def free_port = TCPServer.open("127.0.0.1", 0) { |s| s.addr[1] }

  def shell_output(command, wanted = 0)
    out, status = Open3.capture2(command)
    raise "#{command}: exit #{status.exitstatus}, not #{wanted}: #{out}" if status.exitstatus != wanted
    out
  end

  def assert_match(wanted, text)
    raise "#{wanted.inspect} is not in #{text.inspect}" unless text.match?(wanted.is_a?(String) ? Regexp.escape(wanted) : wanted)
  end
end

load file
formula = Formula.made.first.new
[formula.bin, formula.man1, formula.testpath].each(&:mkpath)
Dir.chdir(checkout) { formula.install }
raise "no manual page" if Dir.empty?(formula.man1)
Dir.chdir(formula.testpath) { formula.instance_eval(&Formula.made.first.checks) }
puts "formula ok"
