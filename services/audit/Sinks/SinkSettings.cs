using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.Audit.Sinks;

/// <summary>One entry of <c>audit.sinks</c>, with refusals that name the key.</summary>
internal sealed class SinkSettings(IConfiguration configuration, IConfigurationSection section)
{
    private static readonly string[] CommonKeys = ["name", "type"];

    public string Name => Required("name");

    public string Type => Required("type");

    /// <summary>A value that must be there.</summary>
    public string Required(string key) => configuration.Required($"{section.Path}:{key}");

    /// <summary>A duration, or a default.</summary>
    public TimeSpan Duration(string key, TimeSpan otherwise) => configuration.Duration($"{section.Path}:{key}", otherwise);

    /// <summary>Refuses keys that the sink's type does not know.</summary>
    public void Allow(params string[] keys)
    {
        foreach (var child in section.GetChildren())
        {
            if (!keys.Concat(CommonKeys).Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw Refuse(child.Key, $"is not a known key of a sink of type '{Type}'; known are {string.Join(", ", CommonKeys.Concat(keys))}");
            }
        }
    }

    /// <summary>A refusal of one key.</summary>
    public MainstayConfigurationException Refuse(string key, string problem) => new($"'{section.Path}:{key}' {problem}.");
}
