using System.Runtime.InteropServices;

namespace Mainstay.LocalStack.Processes;

/// <summary>Sends Unix signals, which .NET itself cannot.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Sends a signal to one process; a process that is gone is no error.</summary>
    public static void Send(int processId, int signal) => _ = SendSignal(processId, signal);

    /// <summary>Sends a signal to every process of a group.</summary>
    public static void SendToGroup(int groupId, int signal) => _ = SendSignal(-groupId, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
