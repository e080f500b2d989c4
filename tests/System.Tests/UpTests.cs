namespace Mainstay.SystemTests;

/// <summary><c>up</c> as a person starts it: interrupted, on a full disk, without what it needs.</summary>
public sealed class UpTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-up-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("postgresql    ready")]
    [InlineData("Ctrl-C stops everything.")]
    public async Task Up_Interrupted_LeavesNothingRunning(string moment)
    {
        await using var up = UpProcess.Start(directory, []);
        await up.PrintedAsync(moment, Cancellation);

        await up.InterruptAsync(Cancellation);

        await up.EndedAsync(Cancellation);
        Assert.Empty(up.LeftBehind());
    }

    [Theory]
    [InlineData("16k")]
    [InlineData("24m")]
    public async Task Up_DiskFull_SaysSoAndLeavesNothingRunning(string size)
    {
        await using var up = UpProcess.Start(directory, [$"mount -t tmpfs -o size={size} tmpfs {directory.FullName}"]);

        var exitCode = await up.EndedAsync(Cancellation);

        Assert.Equal(1, exitCode);
        Assert.Contains("No space left on device", up.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at Mainstay", up.Output, StringComparison.Ordinal);
        Assert.Empty(up.LeftBehind());
    }

    [Fact]
    public async Task Up_PackagesMissingAndNoWayToInstallThem_SaysWhichToInstall()
    {
        await using var up = UpProcess.Start(directory, ["mount -t tmpfs tmpfs /usr/lib/postgresql", "export PATH=/nowhere"]);

        Assert.Equal(1, await up.EndedAsync(Cancellation));
        Assert.Contains("Missing: postgresql rabbitmq-server. Install with 'sudo apt-get install postgresql rabbitmq-server'", up.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_GivenPostgreSqlDoesNotAnswer_NamesTheVariable()
    {
        await using var up = UpProcess.Start(directory, ["export MAINSTAY_POSTGRES='Host=127.0.0.1;Port=1;Username=nobody'"]);

        Assert.Equal(1, await up.EndedAsync(Cancellation));
        Assert.Contains("The PostgreSQL of MAINSTAY_POSTGRES (127.0.0.1:1) does not take the connection", up.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_GivenRabbitMqIsNoAddress_SaysHowToWriteOne()
    {
        await using var up = UpProcess.Start(directory, ["export MAINSTAY_RABBITMQ_URI=localhost"]);

        Assert.Equal(1, await up.EndedAsync(Cancellation));
        Assert.Contains("MAINSTAY_RABBITMQ_URI is no AMQP address; write for example", up.Output, StringComparison.Ordinal);
    }

    public void Dispose() => directory.Delete(recursive: true);
}
