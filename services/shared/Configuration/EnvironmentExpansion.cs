using System.Text.RegularExpressions;

namespace Mainstay.ServiceDefaults.Configuration;

/// <summary>Expands <c>${NAME}</c> and <c>${NAME:-default}</c> in the values of the configuration.</summary>
internal static partial class EnvironmentExpansion
{
    public static string Expand(string key, string value, Func<string, string?> environment) => Reference().Replace(value, match =>
        environment(match.Groups["name"].Value)
        ?? (match.Groups["default"].Success
            ? match.Groups["default"].Value
            : throw new MainstayConfigurationException(
                $"'{key}' refers to the environment variable {match.Groups["name"].Value}, which is not set. Set it, or write ${{{match.Groups["name"].Value}:-default}}.")));

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?\}")]
    private static partial Regex Reference();
}
