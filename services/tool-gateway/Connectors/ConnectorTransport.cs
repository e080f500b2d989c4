using ModelContextProtocol.Client;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>Makes the way to an MCP server.</summary>
internal static class ConnectorTransport
{
    // The rest of the gateway's environment holds secrets that are none of the server's business.
    private static readonly string[] Inherited = ["PATH", "HOME"];

    public static IClientTransport For(ConnectorOptions options, ErrorOutput errors, ILoggerFactory loggers) => options.Url is { } url
        ? new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Name = options.Name,
                Endpoint = url,
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = new Dictionary<string, string>(options.Headers),
                ConnectionTimeout = options.StartTimeout,
            },
            // How long a call may take is the connector's setting, not the client's 100 s.
            new HttpClient { Timeout = Timeout.InfiniteTimeSpan },
            loggers,
            ownsHttpClient: true)
        : new StdioClientTransport(
            new StdioClientTransportOptions
            {
                Name = options.Name,
                Command = options.Command!,
                Arguments = [.. options.Arguments],
                WorkingDirectory = options.WorkingDirectory,
                InheritEnvironmentVariables = false,
                EnvironmentVariables = Environment(options),
                StandardErrorLines = errors.Add,
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
}
