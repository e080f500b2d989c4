using System.Diagnostics;
using System.Globalization;
using DotNet.Testcontainers.Internal;

namespace Testcontainers.Tests;

public sealed class ServerProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Guard_WhoeverStartedItIsKilled_EndsTheServerAndRemovesItsFiles()
    {
        var directory = Directory.CreateTempSubdirectory().FullName;
        var holderId = Path.GetTempFileName();

        // The holder has the other end of the guard's pipe, as a test process has.
        using var shell = Process.Start(new ProcessStartInfo(
            "sh", ["-c", "exec 2> /dev/null; sh -c 'echo $$ > \"$0\"; exec sleep 600' \"$2\" | setsid sh -c \"$0\" guard \"$1\" TERM '' sleep 601", ServerProcess.Guard, directory, holderId]))!;
        await UntilAsync(() => File.Exists(Path.Combine(directory, "log")) && new FileInfo(holderId).Length > 0);
        using var holder = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(holderId, Cancellation), CultureInfo.InvariantCulture));

        holder.Kill();

        await UntilAsync(() => !Directory.Exists(directory));
        await shell.WaitForExitAsync(Cancellation);
        File.Delete(holderId);
    }

    [Fact]
    public async Task Start_ServerEndsByItself_IsToldWithItsLog()
    {
        var directory = Directory.CreateTempSubdirectory().FullName;
        using var process = ServerProcess.Start(new ServerCommand(["sh", "-c", "echo no licence; exit 3"], "TERM"), directory);

        await UntilAsync(() => process.HasExited);

        Assert.Equal("no licence\n", await process.ReadLogAsync(Cancellation));
        await process.StopAsync(keepDirectory: false, Cancellation);
        Assert.False(Directory.Exists(directory));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }
}
