namespace Temporalio.Client;

/// <summary>From which sizes on a worker warns of what it sends.</summary>
public class PayloadLimitsOptions : ICloneable
{
    /// <summary>Bytes of one input, result or the like; 512 KiB by default, 0 for no warnings.</summary>
    public int PayloadsWarnSize { get; set; } = 512 * 1024;

    /// <summary>Bytes of a memo; 2 KiB by default, 0 for no warnings.</summary>
    public int MemoWarnSize { get; set; } = 2 * 1024;

    public virtual object Clone() => MemberwiseClone();
}
