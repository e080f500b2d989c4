namespace Mainstay.LocalStack;

/// <summary>Keeps two commands from changing one local stack at the same time; the system gives it up when its holder dies.</summary>
internal static class StackLock
{
    /// <summary>Takes the lock, or fails with the message.</summary>
    public static IDisposable Take(RunDirectory directory, string taken)
    {
        try
        {
            return new FileStream(Path.Combine(directory.Root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new LocalStackException(taken, e);
        }
    }
}
