using System.Globalization;
using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.Audit.Sinks;

/// <summary>One entry of <c>audit.sinks</c>, with refusals that name the key and never show the value of a secret.</summary>
internal sealed class SinkSettings(IConfiguration configuration, IConfigurationSection section)
{
    public string Name => Required("name");

    public string Type => Required("type");

    /// <summary>A value that must be there.</summary>
    public string Required(string key) => configuration.Required($"{section.Path}:{key}");

    /// <summary>A value, or a default.</summary>
    public string Text(string key, string otherwise) => section[key] is { Length: > 0 } value ? value : otherwise;

    /// <summary>A duration, or a default.</summary>
    public TimeSpan Duration(string key, TimeSpan otherwise) => configuration.Duration($"{section.Path}:{key}", otherwise);

    /// <summary>A whole number within limits, or a default.</summary>
    public long Number(string key, long otherwise, long least, long most) => section[key] switch
    {
        null or "" => otherwise,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most => number,
        var text => throw Refuse(key, $"must be a whole number from {least} to {most}, not '{text}'"),
    };

    /// <summary>Yes or no, or a default.</summary>
    public bool Flag(string key, bool otherwise) => section[key] switch
    {
        null or "" => otherwise,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw Refuse(key, $"must be true or false, not '{text}'"),
    };

    /// <summary>One of several words, or a default.</summary>
    public string OneOf(string key, string otherwise, params string[] words) =>
        Text(key, otherwise) is var text && words.Contains(text, StringComparer.Ordinal) ? text : throw Refuse(key, $"must be one of {string.Join(", ", words)}, not '{text}'");

    /// <summary>A list of texts; empty when the key is missing.</summary>
    public IReadOnlyList<string> List(string key) => section[key] is { Length: > 0 }
        ? throw Refuse(key, "must be a list")
        : [.. section.GetSection(key).GetChildren().Select(child => child.Value is { Length: > 0 } value ? value : throw Refuse(key, "must be a list of texts"))];

    /// <summary>Lists by name; empty when the key is missing.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lists(string key) => section[key] is { Length: > 0 }
        ? throw Refuse(key, "must be a list by field")
        : section.GetSection(key).GetChildren().ToDictionary(child => child.Key, child => List($"{key}:{child.Key}"));

    /// <summary>An http or https address without user and password, which would show in logs.</summary>
    public Uri Address(string key, string? otherwise = null) =>
        Uri.TryCreate(otherwise is null ? Required(key) : Text(key, otherwise), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            ? url
            : throw Refuse(key, "must be an http or https address");

    /// <summary>A secret that is sent as a header, and therefore is one line of ASCII; a refusal does not show it.</summary>
    public string HeaderValue(string key) =>
        Required(key) is var value && value.All(character => character is >= ' ' and <= '~') ? value : throw Refuse(key, "must be printable ASCII, in one line");

    /// <summary>Headers by name; none when the key is missing.</summary>
    public IReadOnlyDictionary<string, string> HeaderValues(string key) =>
        section.GetSection(key).GetChildren().ToDictionary(child => child.Key, child => HeaderValue($"{key}:{child.Key}"));

    /// <summary>Refuses keys that are not known.</summary>
    public void Allow(IEnumerable<string> keys)
    {
        var known = keys.ToList();
        foreach (var child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw Refuse(child.Key, $"is not a known key of a sink of type '{Type}'; known are {string.Join(", ", known)}");
            }
        }
    }

    /// <summary>A refusal of one key.</summary>
    public MainstayConfigurationException Refuse(string key, string problem) => new($"'{section.Path}:{key}' {problem}.");
}
