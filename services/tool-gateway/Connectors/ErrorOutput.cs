namespace Mainstay.ToolGateway.Connectors;

/// <summary>Passes on to the log what a program writes to its error output, and remembers the last line.</summary>
internal sealed partial class ErrorOutput(string connector, ConnectorSecrets secrets, ILogger<ErrorOutput> logger)
{
    private volatile string lastLine = "";

    public string LastLine => lastLine;

    public void Add(string line)
    {
        if (secrets.Hide(line) is { Length: > 0 } text)
        {
            lastLine = text;
            Log.Said(logger, connector, text);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Connector} said: {Line}")]
        public static partial void Said(ILogger logger, string connector, string line);
    }
}
