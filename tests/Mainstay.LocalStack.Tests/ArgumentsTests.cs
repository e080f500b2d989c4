namespace Mainstay.LocalStack.Tests;

public sealed class ArgumentsTests
{
    [Fact]
    public void Value_WrittenEitherWay_IsRead()
    {
        var arguments = new Arguments(["--subject", "ada", "--team=payments", "--detach"]);

        Assert.Equal("ada", arguments.Value("subject"));
        Assert.Equal("payments", arguments.Value("team"));
        Assert.True(arguments.Has("detach"));
    }

    [Fact]
    public void RequireKnown_UnknownOption_NamesIt()
    {
        var arguments = new Arguments(["--detatch"]);

        var failure = Assert.Throws<LocalStackException>(() => arguments.RequireKnown("detach"));

        Assert.Contains("--detatch", failure.Message, StringComparison.Ordinal);
    }
}
