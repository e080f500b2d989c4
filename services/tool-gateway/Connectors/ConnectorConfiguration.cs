using System.Text.RegularExpressions;
using Mainstay.ServiceDefaults.Configuration;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>Reads <c>tools.connectors</c>.</summary>
internal static partial class ConnectorConfiguration
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DefaultStartTimeout = TimeSpan.FromSeconds(30);
    private static readonly string[] Keys = ["name", "type", "command", "arguments", "environment", "working_directory", "url", "headers", "timeout", "start_timeout"];

    public static IReadOnlyList<ConnectorOptions> Read(IConfiguration configuration)
    {
        configuration.GetSection("tools").RefuseOthers(["connectors"]);
        var connectors = configuration.GetSection("tools:connectors").GetChildren().Select(section => Read(configuration, section)).ToList();
        return connectors.GroupBy(connector => connector.Name).FirstOrDefault(group => group.Count() > 1) is { } repeated
            ? throw new MainstayConfigurationException($"'tools:connectors' has the name '{repeated.Key}' more than once; each connector needs a name of its own.")
            : connectors;
    }

    private static ConnectorOptions Read(IConfiguration configuration, IConfigurationSection section)
    {
        section.RefuseOthers(Keys);
        var name = configuration.Required($"{section.Path}:name");
        if (!Name().IsMatch(name))
        {
            throw new MainstayConfigurationException($"'{section.Path}:name' must be 1 to 64 characters of [a-z0-9-], not '{name}'.");
        }

        var type = configuration.Required($"{section.Path}:type");
        return new ConnectorOptions(
            name,
            type == "stdio" ? configuration.Required($"{section.Path}:command") : null,
            [.. section.GetSection("arguments").GetChildren().Select(argument => argument.Value ?? "")],
            Pairs(section, "environment"),
            section["working_directory"] is { Length: > 0 } directory ? directory : null,
            type switch
            {
                "stdio" => null,
                "http" => Url(configuration.Required($"{section.Path}:url"), section),
                _ => throw new MainstayConfigurationException($"'{section.Path}:type' must be stdio or http, not '{type}'."),
            },
            Pairs(section, "headers"),
            configuration.Duration($"{section.Path}:timeout", DefaultTimeout),
            configuration.Duration($"{section.Path}:start_timeout", DefaultStartTimeout));
    }

    private static Uri Url(string text, IConfigurationSection section) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new Uri(text)
            : throw new MainstayConfigurationException($"'{section.Path}:url' must be an http or https address, not '{text}'.");

    private static Dictionary<string, string> Pairs(IConfigurationSection section, string key) =>
        section.GetSection(key).GetChildren().ToDictionary(pair => pair.Key, pair => pair.Value ?? "");

    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex Name();
}
