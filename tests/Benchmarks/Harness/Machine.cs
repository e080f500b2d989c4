using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Mainstay.Benchmarks.Harness;

/// <summary>The machine that measures.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, memory, kernel and runtime, in a line.</summary>
    public static string Describe() =>
        $"{Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, {MemoryGiB():0} GiB, {RuntimeInformation.OSDescription}, "
        + $"kernel {Environment.OSVersion.Version}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>The memory of a process that the machine really gave it, in MiB.</summary>
    public static double ResidentMiB(int processId) => Kilobytes($"/proc/{processId}/status", "VmRSS") / 1024;

    /// <summary>The processor time that a process has taken so far.</summary>
    public static TimeSpan ProcessorTime(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }

    private static double MemoryGiB() => Kilobytes("/proc/meminfo", "MemTotal") / 1024 / 1024;

    private static double Kilobytes(string file, string field) => double.Parse(Field(file, field).Split(' ')[0], CultureInfo.InvariantCulture);

    private static string Field(string file, string name) =>
        File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':', 2)[1].Trim();
}
