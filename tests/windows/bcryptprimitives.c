/* Wine 8 has no bcryptprimitives.dll, which every Rust program asks for its random bytes; Windows has had it since 8. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T length) {
    return RtlGenRandom(bytes, (ULONG)length);
}
