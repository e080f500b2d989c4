using System.Runtime.InteropServices;

namespace Mainstay.Audit.Sinks.Files;

/// <summary>Brings the names within a directory to the disk: a file whose name is lost in a crash is lost, however well it was written.</summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;

    /// <summary>Returns once the names are on disk. On Windows the file system sees to it.</summary>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // FileStream opens no directories.
        var descriptor = Open(directory, ReadOnly);
        if (descriptor < 0)
        {
            throw Failure();
        }

        try
        {
            if (Synchronize(descriptor) != 0)
            {
                throw Failure();
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure() => new("The directory could not be brought to the disk.", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
