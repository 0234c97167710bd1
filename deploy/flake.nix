# nix run '.?dir=deploy' -- demo
#
# The versions of requirements.lock are newer than those of most nixpkgs, so uv fetches them into its cache at the first
# start; what Nix brings is uv and Python.
{
  description = "A terminal market monitor: are small caps really beating large caps?";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { nixpkgs, ... }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      each = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
      source = ./..;
    in
    {
      packages = each (pkgs: rec {
        default = rotation-tui;
        rotation-tui = pkgs.writeShellApplication {
          name = "rotation-tui";
          runtimeInputs = [ pkgs.uv pkgs.python313 ];
          text = ''
            exec uvx --quiet --no-python-downloads --python python3.13 \
              --constraints ${source}/requirements.lock --from ${source} rotation-tui "$@"
          '';
        };
      });
    };
}
