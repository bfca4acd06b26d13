# Copyright (C) 2026 The f0 authors

if [ -z "$F0_CORE_LIB" ]; then

    cat << END                                                >> $NGX_MAKEFILE

$F0_LIB:
	\$(MAKE) -C $ngx_addon_dir BUILD=$F0_BUILD core

END

fi
