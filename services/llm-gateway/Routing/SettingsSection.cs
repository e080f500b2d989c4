using System.Globalization;
using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.LlmGateway.Routing;

/// <summary>A section of the configuration, with refusals that name the key.</summary>
internal sealed class SettingsSection(IConfiguration configuration, string path)
{
    /// <summary>The entries of a list.</summary>
    public static IEnumerable<SettingsSection> List(IConfiguration configuration, string path) =>
        configuration.GetSection(path).GetChildren().Select(child => new SettingsSection(configuration, child.Path));

    /// <summary>A value; empty when it is not set.</summary>
    public string Text(string key) => configuration[$"{path}:{key}"] ?? "";

    /// <summary>A value that must be there.</summary>
    public string Required(string key) => configuration.Required($"{path}:{key}");

    /// <summary>A whole number, or a default.</summary>
    public int Number(string key, int otherwise) => Text(key).Length == 0 ? otherwise : configuration.RequiredNumber($"{path}:{key}");

    /// <summary>A duration of more than nothing, or a default.</summary>
    public TimeSpan Duration(string key, TimeSpan otherwise) => configuration.Duration($"{path}:{key}", otherwise) is { Ticks: > 0 } duration
        ? duration
        : throw Refuse(key, "must be more than nothing");

    /// <summary>A price in US dollars as millionths of one, 0 when it is not set.</summary>
    public long Price(string key)
    {
        const decimal Most = 1_000_000;
        var text = Text(key);
        if (text.Length == 0)
        {
            return 0;
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)
            && price <= Most && decimal.IsInteger(price * 1_000_000)
            ? (long)(price * 1_000_000)
            : throw Refuse(key, $"must be a price in US dollars, at most six decimals, such as 0.40, not '{text}'");
    }

    /// <summary>Refuses keys that are not known here.</summary>
    public void Allow(params IReadOnlyList<string> keys) => configuration.GetSection(path).RefuseOthers(keys);

    /// <summary>A refusal of one key.</summary>
    public MainstayConfigurationException Refuse(string key, string problem) => new($"'{path}:{key}' {problem}.");
}
