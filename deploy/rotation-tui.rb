# Formula for a tap of Homebrew. `.ci/formula` prints it for the archive of a release.
class RotationTui < Formula
  include Language::Python::Virtualenv

  desc "Terminal market monitor: are small caps really beating large caps?"
  homepage "@HOMEPAGE@"
  url "@ADDRESS@"
  sha256 "@SHA256@"
  license "MIT"

  depends_on "python@3.13"

  def install
    # The lock has the versions that the tests ran with.
    venv = virtualenv_create(libexec, "python3.13", without_pip: false)
    system venv.root/"bin/python", "-m", "pip", "install", "-c", "requirements.lock", "."
    bin.install_symlink libexec/"bin/rotation-tui"
    man1.install "share/man/man1/rotation-tui.1"
    bash_completion.install "share/bash-completion/completions/rotation-tui"
    zsh_completion.install "share/zsh/site-functions/_rotation-tui"
    fish_completion.install "share/fish/vendor_completions.d/rotation-tui.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/rotation-tui --version")
    assert_match "\"mode\":\"demo\"", shell_output("#{bin}/rotation-tui snapshot --demo --format json").delete(" \n")
  end
end
