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
    public void Settings_GivenSeveralTimes_AreAllRead()
    {
        var arguments = new Arguments(["--set", "services:skills:grpc=7201", "--set=audit:sinks:0:url=http://127.0.0.1/?a=b"]);

        Assert.Equal("7201", arguments.Settings["services:skills:grpc"]);
        Assert.Equal("http://127.0.0.1/?a=b", arguments.Settings["audit:sinks:0:url"]);
    }

    [Fact]
    public void Settings_NoKey_SaysHowToWriteOne()
    {
        var failure = Assert.Throws<LocalStackException>(() => new Arguments(["--set", "7201"]));

        Assert.Contains("--set key=value", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireKnown_UnknownOption_NamesIt()
    {
        var arguments = new Arguments(["--detatch"]);

        var failure = Assert.Throws<LocalStackException>(() => arguments.RequireKnown("detach"));

        Assert.Contains("--detatch", failure.Message, StringComparison.Ordinal);
    }
}
