using ModelContextProtocol.Client;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>Makes the way to an MCP server.</summary>
internal static partial class ConnectorTransport
{
    // The rest of the gateway's environment holds secrets that are none of the server's business.
    private static readonly string[] Inherited = ["PATH", "HOME", "LANG", "TMPDIR"];

    public static IClientTransport For(ConnectorOptions options, LastLines errors, ILoggerFactory loggers, ILogger logger) =>
        options.Url is { } url
            ? new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Name = options.Name,
                    Endpoint = url,
                    TransportMode = HttpTransportMode.StreamableHttp,
                    AdditionalHeaders = new Dictionary<string, string>(options.Headers),
                    ConnectionTimeout = options.StartTimeout,
                },
                loggers)
            : new StdioClientTransport(
                new StdioClientTransportOptions
                {
                    Name = options.Name,
                    Command = options.Command!,
                    Arguments = [.. options.Arguments],
                    WorkingDirectory = options.WorkingDirectory,
                    InheritEnvironmentVariables = false,
                    EnvironmentVariables = Environment(options),
                    StandardErrorLines = line =>
                    {
                        errors.Add(line);
                        Log.Said(logger, options.Name, line);
                    },
                },
                loggers);

    private static Dictionary<string, string?> Environment(ConnectorOptions options)
    {
        var environment = Inherited
            .Select(name => (Name: name, Value: System.Environment.GetEnvironmentVariable(name)))
            .Where(variable => variable.Value is not null)
            .ToDictionary(variable => variable.Name, variable => variable.Value);
        foreach (var (name, value) in options.Environment)
        {
            environment[name] = value;
        }

        return environment;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "{Connector}: {Line}")]
        public static partial void Said(ILogger logger, string connector, string line);
    }
}
