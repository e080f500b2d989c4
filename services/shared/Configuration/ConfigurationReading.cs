using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Mainstay.ServiceDefaults.Configuration;

/// <summary>Reads single values, with a refusal that names the key.</summary>
public static class ConfigurationReading
{
    /// <summary>A value that must be there.</summary>
    public static string Required(this IConfiguration configuration, string key) =>
        configuration[key] is { Length: > 0 } value ? value : throw new MainstayConfigurationException($"'{key}' is not set.");

    /// <summary>A whole number that must be there.</summary>
    public static int RequiredNumber(this IConfiguration configuration, string key) =>
        int.TryParse(configuration.Required(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new MainstayConfigurationException($"'{key}' must be a whole number, not '{configuration[key]}'.");

    /// <summary>A duration, or a default.</summary>
    public static TimeSpan Duration(this IConfiguration configuration, string key, TimeSpan otherwise) => configuration[key] switch
    {
        null or "" => otherwise,
        var text when Durations.TryParse(text, out var duration) => duration,
        var text => throw new MainstayConfigurationException($"'{key}' must be a duration such as 500ms, 30s, 5m or 2h, not '{text}'."),
    };
}
