using System.Globalization;
using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.Skills.Index;

/// <summary>How much the registry keeps in memory.</summary>
/// <param name="MostVersions">Of how many versions it knows all but their content: <c>skills.cache.versions</c>, default 500,000.</param>
/// <param name="MostBytes">How many bytes of contents it keeps: <c>skills.cache.megabytes</c>, default 512.</param>
internal sealed record CacheLimits(long MostVersions, long MostBytes)
{
    /// <summary>Reads the limits; refuses what is no number above nothing.</summary>
    public static CacheLimits From(IConfiguration configuration) => new(
        Number(configuration, "skills:cache:versions", 500_000), Number(configuration, "skills:cache:megabytes", 512) * 1024L * 1024);

    private static int Number(IConfiguration configuration, string key, int usual) => configuration[key] switch
    {
        null or "" => usual,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        var text => throw new MainstayConfigurationException($"'{key}' must be a whole number above 0, not '{text}'."),
    };
}
