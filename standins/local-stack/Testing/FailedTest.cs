namespace Mainstay.LocalStack.Testing;

/// <summary>A test that failed, with its message and stack trace.</summary>
internal sealed record FailedTest(string Name, string Message = "", string StackTrace = "")
{
    private const int LongestMessage = 800;
    private const int MostFrames = 4;

    /// <summary>The test's name, and below it enough to see what was wrong: the start of the message and the places nearest to it.</summary>
    public override string ToString()
    {
        var message = Message.Length > LongestMessage ? string.Concat(Message.AsSpan(0, LongestMessage), "…") : Message;
        var frames = Lines(StackTrace).Where(frame => frame.Contains(" in ", StringComparison.Ordinal)).Take(MostFrames);
        return string.Join("\n      ", [Name, .. Lines(message), .. frames]);
    }

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
