namespace Grpc.Core;
/// <summary>x</summary>
public enum X { /// <summary>a</summary>
A }
