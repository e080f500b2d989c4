using Mainstay.LocalStack.Processes;

namespace Mainstay.LocalStack.Services;

/// <summary>Notes the process that stays in the foreground and will stop the stack when it ends.</summary>
internal static class Supervisor
{
    /// <summary>Notes this process as the stack's supervisor until disposed.</summary>
    public static IDisposable Register(RunDirectory directory)
    {
        File.WriteAllText(PathIn(directory), File.ReadAllText("/proc/self/stat"));
        return new Registration(PathIn(directory));
    }

    /// <summary>Says whether a supervisor other than this process runs.</summary>
    public static bool IsRunning(RunDirectory directory) =>
        File.Exists(PathIn(directory))
        && ProcessStat.Parse(File.ReadAllText(PathIn(directory))) is { } noted
        && noted.Id != Environment.ProcessId
        && ProcessStat.Read(noted.Id) is { IsRunning: true } current
        && current.StartTicks == noted.StartTicks;

    private static string PathIn(RunDirectory directory) => Path.Combine(directory.Root, "supervisor");

    private sealed record Registration(string Path) : IDisposable
    {
        public void Dispose() => File.Delete(Path);
    }
}
