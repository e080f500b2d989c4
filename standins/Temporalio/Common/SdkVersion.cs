namespace Temporalio.Common;

/// <summary>How this SDK names itself to the server.</summary>
internal static class SdkVersion
{
    public const string Name = "temporal-dotnet";

    public const string Version = "1.20.0";
}
