using System.Diagnostics;
using Mainstay.Audit.Sinks.Files;

namespace Mainstay.Audit.Tests.Sinks.Files;

/// <summary>A disk that fills up: a tmpfs of 64 KiB where the tests run as root, else files that behave as on such a disk.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Size = 64 * 1024;
    private const int NoSpaceLeft = 28;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-disk-");
    private readonly bool isMounted;
    private bool isSmall = true;

    public SmallDisk()
    {
        isMounted = Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", $"size={Size}", "tmpfs", directory.FullName);
    }

    public string File => Path.Combine(directory.FullName, "audit.jsonl");

    /// <summary>Gives a sink this disk.</summary>
    public FileSink Sink() => isMounted
        ? new FileSink(File, 1 << 30, 0, TimeProvider.System)
        : new FileSink(File, 1 << 30, 0, TimeProvider.System) { Open = (path, options) => new CrampedStream(this, path, options) };

    /// <summary>Gives the disk more room.</summary>
    public void Grow()
    {
        isSmall = false;
        Assert.True(!isMounted || Run("mount", "-o", "remount,size=64m", directory.FullName));
    }

    public void Dispose()
    {
        Assert.True(!isMounted || Run("umount", directory.FullName));
        directory.Delete(recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>Writes what fits, then fails, as the kernel does.</summary>
    private sealed class CrampedStream(SmallDisk disk, string path, FileStreamOptions options) : FileStream(path, options)
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var room = disk.isSmall ? Math.Max(0, Size - (int)Position) : int.MaxValue;
            await base.WriteAsync(buffer[..Math.Min(room, buffer.Length)], cancellationToken);
            if (room < buffer.Length)
            {
                throw new IOException("No space left on device", NoSpaceLeft);
            }
        }
    }
}
