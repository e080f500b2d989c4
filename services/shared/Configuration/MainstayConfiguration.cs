using Microsoft.Extensions.Configuration;

namespace Mainstay.ServiceDefaults.Configuration;

/// <summary>Puts the configuration together: the file, then the environment, then the command line.</summary>
internal static class MainstayConfiguration
{
    private const string EnvironmentPrefix = "MAINSTAY__";

    public static void Load(IConfigurationManager configuration, string[] arguments)
    {
        var commandLine = new ConfigurationBuilder().AddCommandLine(arguments).Build();
        var path = commandLine["config"] ?? Environment.GetEnvironmentVariable("MAINSTAY_CONFIG") ?? "mainstay.yaml";

        configuration.Sources.Clear();
        configuration.AddInMemoryCollection(Validated(YamlFile.Read(path)));
        configuration.AddInMemoryCollection(Validated(new ConfigurationBuilder().AddEnvironmentVariables(EnvironmentPrefix).Build()
            .AsEnumerable().Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!)));
        configuration.AddInMemoryCollection(Validated(commandLine.AsEnumerable()
            .Where(pair => pair.Value is not null && pair.Key.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key, pair => pair.Value!)));
    }

    private static Dictionary<string, string?> Validated(IReadOnlyDictionary<string, string> values)
    {
        var expanded = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in values)
        {
            var text = EnvironmentExpansion.Expand(key, value, Environment.GetEnvironmentVariable);
            KnownKeys.Check(key, text);
            expanded[key] = text;
        }

        return expanded;
    }
}
