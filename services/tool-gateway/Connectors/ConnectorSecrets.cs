namespace Mainstay.ToolGateway.Connectors;

/// <summary>Keeps the values that a connector was given out of what is told and logged about it; none is shown, as nothing says which are secrets.</summary>
internal sealed class ConnectorSecrets(ConnectorOptions options)
{
    private const int LongestLine = 500;
    private const int ShortestSecret = 6;

    // Longest first, so that one which holds another is hidden whole; the words of a header are what a server would repeat of it.
    private readonly string[] secrets =
    [
        .. options.Environment.Values
            .Concat(options.Headers.Values.SelectMany(value => value.Split(' ').Append(value)))
            .Where(value => value.Length >= ShortestSecret)
            .OrderByDescending(value => value.Length),
    ];

    /// <summary>A text without them, in one line of at most 500 characters.</summary>
    public string Hide(string text)
    {
        var shown = secrets.Aggregate(text.Trim(), (rest, secret) => rest.Replace(secret, "***", StringComparison.Ordinal)).ReplaceLineEndings(" ");
        return shown.Length > LongestLine ? shown[..LongestLine] : shown;
    }
}
