namespace Mainstay.ToolGateway.Connectors;

/// <summary>A connector as it is configured.</summary>
/// <param name="Name">Its name: [a-z0-9-], 1 to 64 characters.</param>
/// <param name="Command">The program of an MCP server that speaks over stdio; null for one that is reached by HTTP.</param>
/// <param name="Arguments">The program's arguments.</param>
/// <param name="Environment">The program's environment, beside PATH and HOME.</param>
/// <param name="WorkingDirectory">Where it runs; null for the gateway's own.</param>
/// <param name="Url">The address of an MCP server that speaks streamable HTTP.</param>
/// <param name="Headers">Headers of every request to it.</param>
/// <param name="Timeout">The longest that a call may take; default 60 s.</param>
/// <param name="StartTimeout">The longest that starting may take; default 30 s.</param>
internal sealed record ConnectorOptions(
    string Name,
    string? Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string? WorkingDirectory,
    Uri? Url,
    IReadOnlyDictionary<string, string> Headers,
    TimeSpan Timeout,
    TimeSpan StartTimeout);
