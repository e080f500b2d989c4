namespace Mainstay.ToolGateway.Connectors;

/// <summary>Passes on to the log what a program writes to its error output, without the secrets that it was given, and remembers the last line.</summary>
internal sealed partial class ErrorOutput(ConnectorOptions options, ILogger<ErrorOutput> logger)
{
    private const int LongestLine = 500;
    private const int ShortestSecret = 6;

    // Which of the values are secrets is not said anywhere, so none is shown.
    private readonly string[] secrets = [.. options.Environment.Values.Concat(options.Headers.Values).Where(value => value.Length >= ShortestSecret)];
    private volatile string lastLine = "";

    public string LastLine => lastLine;

    public void Add(string line)
    {
        if (Clean(line.Trim()) is { Length: > 0 } text)
        {
            lastLine = text;
            Log.Said(logger, options.Name, text);
        }
    }

    private string Clean(string line)
    {
        var text = secrets.Aggregate(line, (rest, secret) => rest.Replace(secret, "***", StringComparison.Ordinal));
        return text.Length > LongestLine ? text[..LongestLine] : text;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Connector} said: {Line}")]
        public static partial void Said(ILogger logger, string connector, string line);
    }
}
