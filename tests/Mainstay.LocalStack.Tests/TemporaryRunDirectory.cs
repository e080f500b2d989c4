namespace Mainstay.LocalStack.Tests;

/// <summary>A run directory of one test, gone with it.</summary>
internal sealed class TemporaryRunDirectory : IDisposable
{
    public RunDirectory Directory { get; } = new(System.IO.Directory.CreateTempSubdirectory("mainstay-test-").FullName);

    public void Dispose() => System.IO.Directory.Delete(Directory.Root, recursive: true);
}
