using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.Skills;

/// <summary>What the installation demands beyond what always holds.</summary>
/// <param name="NeedsSecondPerson"><c>skills.publishing</c> is <c>four-eyes</c>: whoever wrote a version may not publish it. Default: <c>direct</c>.</param>
/// <param name="KeepsCompatibility"><c>skills.compatibility</c> is <c>semver</c>, the default: only a major version may break what the one before promised. Else <c>off</c>.</param>
/// <param name="RefusesUnknownTools"><c>skills.unknown_tools</c> is <c>refuse</c>, the default: nothing is published whose tools the tool gateway does not have, or does not answer for. Else <c>warn</c>.</param>
/// <param name="RefusesWithdrawn"><c>skills.withdrawn</c> is <c>refuse</c>, the default: a withdrawn version is not resolved. Else <c>warn</c>.</param>
internal sealed record SkillsPolicy(bool NeedsSecondPerson, bool KeepsCompatibility, bool RefusesUnknownTools, bool RefusesWithdrawn)
{
    /// <summary>Reads the policy; refuses a value that is none of the possible ones.</summary>
    public static SkillsPolicy From(IConfiguration configuration) => new(
        Choice(configuration, "skills:publishing", "direct", "four-eyes"),
        !Choice(configuration, "skills:compatibility", "semver", "off"),
        !Choice(configuration, "skills:unknown_tools", "refuse", "warn"),
        !Choice(configuration, "skills:withdrawn", "refuse", "warn"));

    private static bool Choice(IConfiguration configuration, string key, string usual, string other)
    {
        var value = configuration[key] is { Length: > 0 } stated ? stated : usual;
        return value == usual || value == other
            ? value == other
            : throw new MainstayConfigurationException($"'{key}' must be {usual} or {other}, not '{value}'.");
    }
}
