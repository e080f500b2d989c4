namespace Mainstay.ToolGateway.Connectors;

/// <summary>Remembers the last line that a program wrote to its error output.</summary>
internal sealed class LastLines
{
    private const int LongestLine = 500;
    private volatile string last = "";

    public string Last => last;

    public void Add(string line)
    {
        if (line.Trim() is { Length: > 0 } text)
        {
            last = text.Length > LongestLine ? text[..LongestLine] : text;
        }
    }
}
