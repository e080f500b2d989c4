using System.Text.RegularExpressions;
using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>Reads <c>tools.connectors</c>.</summary>
internal static partial class ConnectorConfiguration
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DefaultStartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);
    private static readonly string[] CommonKeys = ["name", "type", "timeout", "start_timeout"];
    private static readonly string[] StdioKeys = [.. CommonKeys, "command", "arguments", "environment", "working_directory"];
    private static readonly string[] HttpKeys = [.. CommonKeys, "url", "headers"];

    public static IReadOnlyList<ConnectorOptions> Read(IConfiguration configuration)
    {
        var connectors = configuration.GetSection("tools:connectors").GetChildren().Select(section => Read(configuration, section)).ToList();
        return connectors.GroupBy(connector => connector.Name).FirstOrDefault(group => group.Count() > 1) is { } repeated
            ? throw new MainstayConfigurationException($"'tools:connectors' has the name '{repeated.Key}' more than once; each connector needs a name of its own.")
            : connectors;
    }

    private static ConnectorOptions Read(IConfiguration configuration, IConfigurationSection section)
    {
        var name = configuration.Required($"{section.Path}:name");
        if (!Name().IsMatch(name))
        {
            throw new MainstayConfigurationException($"'{section.Path}:name' must be 1 to 64 characters of [a-z0-9-], not '{name}'.");
        }

        var isStdio = configuration.Required($"{section.Path}:type") switch
        {
            "stdio" => true,
            "http" => false,
            var type => throw new MainstayConfigurationException($"'{section.Path}:type' must be stdio or http, not '{type}'."),
        };
        section.RefuseOthers(isStdio ? StdioKeys : HttpKeys);
        return new ConnectorOptions(
            name,
            isStdio ? configuration.Required($"{section.Path}:command") : null,
            Words(section.GetSection("arguments")),
            Pairs(section.GetSection("environment")),
            section["working_directory"] is { Length: > 0 } directory ? directory : null,
            isStdio ? null : Url(configuration, $"{section.Path}:url"),
            Pairs(section.GetSection("headers")),
            Timeout(configuration, $"{section.Path}:timeout", DefaultTimeout),
            Timeout(configuration, $"{section.Path}:start_timeout", DefaultStartTimeout));
    }

    private static Uri Url(IConfiguration configuration, string key) =>
        Uri.TryCreate(configuration.Required(key), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new MainstayConfigurationException($"'{key}' must be an http or https address, not '{configuration[key]}'.");

    private static TimeSpan Timeout(IConfiguration configuration, string key, TimeSpan otherwise) =>
        configuration.Duration(key, otherwise) is var duration && duration > TimeSpan.Zero && duration <= LongestTimeout
            ? duration
            : throw new MainstayConfigurationException($"'{key}' must be more than 0 and at most 24h, not '{configuration[key]}'.");

    private static string[] Words(IConfigurationSection section) => section.Value is null or ""
        ? [.. section.GetChildren().Select(word => word.Value ?? throw new MainstayConfigurationException($"'{word.Path}' must be a text."))]
        : throw new MainstayConfigurationException($"'{section.Path}' must be a list such as [first, second], not '{section.Value}'.");

    private static Dictionary<string, string> Pairs(IConfigurationSection section) => section.Value is null or ""
        ? section.GetChildren().ToDictionary(pair => pair.Key, pair => pair.Value ?? throw new MainstayConfigurationException($"'{pair.Path}' must be a text."))
        : throw new MainstayConfigurationException($"'{section.Path}' must be names and values such as {{ NAME: value }}.");

    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex Name();
}
